import type { FieldState } from 'tokenizer-components';

/** What a page knows of a field from its events. */
export interface Status {
  state?: FieldState;
  isStored?: boolean;
}

/** The same for its user: the broken rule, or that the field is filled. */
export function sentence({ state, isStored }: Status = {}): string {
  const said = state ? (state.errors[0]?.message ?? (state.complete ? 'filled' : 'empty')) : 'untouched';
  return isStored ? `${said}, stored` : said;
}

/** Sends the values of a form to the back end of the shop. */
export async function sendToShop(values: FormData): Promise<void> {
  const body = new URLSearchParams([...values].map(([name, value]) => [name, String(value)]));
  const answer = await fetch('/form', { method: 'POST', body });
  if (!answer.ok) throw new Error(`the shop answers ${answer.status}`);
}
