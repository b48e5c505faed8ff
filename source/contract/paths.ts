const part = encodeURIComponent;

/** `/v1/training_projects/{project}`; the arguments are percent-encoded. */
export const projectPath = (project: string): string => `/v1/training_projects/${part(project)}`;

/** `/v1/training_projects/{project}/jobs/{job}`. */
export const jobPath = (project: string, job: string): string =>
	`${projectPath(project)}/jobs/${part(job)}`;

export const sessionPath = (project: string, job: string, session: string): string =>
	`${jobPath(project, job)}/interactive_sessions/${part(session)}`;
