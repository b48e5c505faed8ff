import { Failure } from '../../../contract/failure.ts';

/** A node of a job of this plane. */
export type NodeReference = { readonly job: string; readonly node: number };

/**
 * The certificate principal that opens one node and no other: `<job>/<node>`.
 * @throws Failure `invalid` for a job id or rank that has a meaning of its own in a list of
 *   principals (ssh-keygen(1) splits at commas, AuthorizedPrincipalsFile at blanks).
 */
export const principalOf = ({ job, node }: NodeReference): string => {
	if (!/^[A-Za-z0-9_-]+$/.test(job) || !Number.isInteger(node) || node < 0) {
		throw new Failure('invalid', `"${job}" node ${node} cannot be named in a certificate.`);
	}
	return `${job}/${node}`;
};
