/** A sign and a space between the node and the text. */
export const levelCells = 2;
