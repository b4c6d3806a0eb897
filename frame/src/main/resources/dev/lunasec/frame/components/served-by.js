/**
 * The origin of the vault that served the components; undefined in the package. A vault replaces this file in the script
 * that it serves (FrameFiles.java).
 * @type {string | undefined}
 */
export const SERVED_BY = undefined;
