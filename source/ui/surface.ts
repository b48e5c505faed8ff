import { createContext } from 'react';
import type { PaneRows } from './frame-painter.ts';

/** Where the log pane draws its rows past Ink; null takes them away again. */
export type Surface = { readonly show: (pane: PaneRows | null) => void };

/** The surface of the terminal, null where Ink draws everything. */
export const SurfaceContext = createContext<Surface | null>(null);
