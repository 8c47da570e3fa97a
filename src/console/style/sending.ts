/** The form of caps and sending windows: tables of fields, which scroll by themselves on a phone. */
export const SENDING_STYLE = `
.sending { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
.sending fieldset { border: 0; padding: 0; margin: 0 0 0.75rem; min-width: 0; display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; }
.sending legend { font-weight: 600; padding: 0; margin-bottom: 0.3rem; }
.sending .lines select, .sending .lines input { min-width: 0; width: auto; margin: 0; }
.sending .scroll { padding: 0 1.25rem 0.5rem; }
.sending .field { margin: 0 0 0.8rem; }
.sending .field input { max-width: 16rem; }
.sending .lines td { vertical-align: middle; }
`;
