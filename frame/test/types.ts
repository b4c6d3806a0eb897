/** The declared types are those of the scripts. It is only compiled. */

import * as scripts from '../src/main/resources/dev/lunasec/frame/components.js';
import type * as declared from '../types/components.js';

export const agree: Omit<typeof declared, 'SecureElement' | 'SecureField'> = scripts;
