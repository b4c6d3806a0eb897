/** The web components of a vault. */

/** What the components of a page have in common. */
export interface Settings {
  /** The origin of the tokenizer, like `https://vault.example.com`. */
  vault?: string;
  /** Gets a one-time code from the page's own back end, if the vault is on another site. */
  getCode?: GetCode;
  /** The name of the issuer to sign in at, if the vault has several. */
  authProvider?: string;
}

export type GetCode = (request: CodeRequest) => Promise<string> | string;

/** What a one-time code is for. The back end sends it to the tokenizer's `/session/code`. */
export interface CodeRequest {
  /** The frame that redeems the code. */
  nonce: string;
  action: 'tokenize' | 'detokenize';
  /** The tokens that may be read. */
  tokens: string[];
}

/** Sets what all components use that say nothing else. Call it before the page shows components. */
export function configure(settings: Settings): void;

/** Something that went wrong: a code that never changes, and a sentence that says what to do. */
export class SecureError extends Error {
  constructor(code: string, message: string);
  readonly code: string;
}

/** The detail of `change`: what the page learns of a value. */
export interface FieldState {
  empty: boolean;
  /** Whether it is not empty and breaks no rule. */
  complete: boolean;
  valid: boolean;
  /** Whether it has a token. */
  stored: boolean;
  errors: { rule: string; message: string }[];
  /** The brand of a card. */
  brand?: string | null;
}

/** The events of all elements. */
export interface SecureEventMap {
  ready: CustomEvent<null>;
  change: CustomEvent<FieldState>;
  focus: FocusEvent & CustomEvent<null>;
  blur: FocusEvent & CustomEvent<null>;
  submit: SubmitEvent & CustomEvent<null>;
  escape: CustomEvent<null>;
  copy: ClipboardEvent & CustomEvent<null>;
  token: CustomEvent<{ token: string | null; tokens?: string[] }>;
  progress: ProgressEvent & CustomEvent<{ percent: number }>;
  error: ErrorEvent & CustomEvent<{ code: string; message: string }>;
}

/** An element whose content is a frame of the vault. */
export class SecureElement extends HTMLElement {
  vault: string;
  authProvider: string;
  getCode: GetCode | undefined;
  /** The token of the value; null if there is none. Setting it shows the value in the frame. */
  token: string | null;
  /** Custom fields of the metadata of the tokens. Set it before the element is in the page. */
  metadata: Record<string, unknown> | undefined;
  /** Replacements of the sentences that the frame shows, by code. `show`, `hide`, `copy` and `sessionMismatch` stay. */
  texts: Record<string, string> | undefined;
  /** Fulfilled when the frame can be used. Rejected with a `SecureError` if it cannot be loaded. */
  readonly ready: Promise<void>;
  /** Stores what was typed. Fulfilled with its token, or null if it is empty. Rejected with a `SecureError`. */
  commit(): Promise<string | null>;
  clear(): void;
  focus(): void;
}

/** A control of a form whose value is the token of what its frame holds. */
export class SecureField extends SecureElement {
  static readonly formAssociated: true;
  name: string;
  required: boolean;
  disabled: boolean;
  nosubmit: boolean;
  get form(): HTMLFormElement | null;
  /** The id of the form, if the field stands outside of it. */
  set form(id: string | null);
  readonly labels: NodeList;
  readonly validity: ValidityState;
  readonly validationMessage: string;
  readonly willValidate: boolean;
  checkValidity(): boolean;
  reportValidity(): boolean;
}

/** `<secure-input>`: one line of text. */
export class SecureInput extends SecureField {}

/** `<secure-textarea>`: several lines of text. */
export class SecureTextarea extends SecureField {}

/** `<secure-card>`: number, expiry date, security code and name of a card as one value. */
export class SecureCard extends SecureField {}

/** `<secure-upload>`: files. */
export class SecureUpload extends SecureField {
  multiple: boolean;
  /** The tokens of the files. Setting them shows files that are stored already. */
  tokens: string[];
}

/** `<secure-text>`: shows the text of a token. */
export class SecureText extends SecureElement {
  reveal: boolean;
  copy: boolean;
}

/** `<secure-download>`: saves the file of a token. */
export class SecureDownload extends SecureElement {}

/** `<secure-form>`: stands around a `<form>`, and stores the values of its fields before it is submitted. */
export class SecureForm extends HTMLElement {
  vault: string;
  authProvider: string;
  getCode: GetCode | undefined;
}

/** The attributes of all elements; those of a field are in `FieldAttributes`. */
export interface ElementAttributes {
  vault?: string;
  'auth-provider'?: string;
  label?: string;
  description?: string;
  error?: string;
  getCode?: GetCode;
  token?: string | null;
  texts?: Record<string, string>;
}

export interface FieldAttributes extends ElementAttributes {
  name?: string;
  /** The id of the form, if the field stands outside of it. */
  form?: string;
  required?: boolean;
  disabled?: boolean;
  readonly?: boolean;
  placeholder?: string;
  autocomplete?: string;
  inputmode?: string;
  enterkeyhint?: string;
  /** Keeps the key Enter from submitting the form. */
  nosubmit?: boolean;
  /** When the token expires: a time of RFC 3339. */
  'expires-at'?: string;
  metadata?: Record<string, unknown>;
}

export interface TextAttributes extends FieldAttributes {
  /** `9` a digit, `a` a letter, `*` either, `{2,4}` repeats, `\x` the character x, all else itself. */
  pattern?: string;
  validator?: 'Email' | 'SSN' | 'EIN' | 'SSN_EIN';
  minlength?: number | string;
  maxlength?: number | string;
}

/** The attributes of each element. */
export interface Attributes {
  'secure-form': { vault?: string; 'auth-provider'?: string; getCode?: GetCode };
  'secure-input': TextAttributes & { type?: string };
  'secure-textarea': TextAttributes & { rows?: number | string };
  /** `fields`: those of `number expiry cvc name` that are asked for; by default all but `cvc`. */
  'secure-card': FieldAttributes & { fields?: string };
  'secure-upload': FieldAttributes & {
    multiple?: boolean;
    accept?: string;
    'max-size'?: number | string;
    'max-files'?: number | string;
    rows?: number | string;
    tokens?: string[];
  };
  /** `field`: the part of a card to show. */
  'secure-text': ElementAttributes & {
    field?: 'number' | 'expiry' | 'cvc' | 'name';
    reveal?: boolean;
    copy?: boolean;
  };
  'secure-download': ElementAttributes;
}

/** The class of each element. */
export interface Elements {
  'secure-form': SecureForm;
  'secure-input': SecureInput;
  'secure-textarea': SecureTextarea;
  'secure-card': SecureCard;
  'secure-upload': SecureUpload;
  'secure-text': SecureText;
  'secure-download': SecureDownload;
}

declare global {
  interface HTMLElementTagNameMap extends Elements {}
}
