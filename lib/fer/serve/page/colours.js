// A colour for each class, as in the pictures that fer-predict draws: /v1/models has them.

const dark = matchMedia('(prefers-color-scheme: dark)');
let classes = new Map();  // by label

// Style sheets and the chart take the colours from variables of the page, which follow its scheme.
function apply() {
  for (const {variable, on_white, on_dark} of classes.values()) {
    document.documentElement.style.setProperty(variable, dark.matches ? on_dark : on_white);
  }
}
dark.addEventListener('change', apply);

export function useColours({labels, colours}) {
  classes = new Map(labels.map((label, i) => [label, {variable: `--class-${i}`, ...colours[i]}]));
  apply();
}

// A result that is still on its way may be another model's: its classes are grey.
export const overPicture = (label) => classes.get(label)?.on_dark ?? 'silver';
export const variable = (label) => classes.get(label)?.variable ?? '--quiet';
export const onPage = (label) =>
  getComputedStyle(document.documentElement).getPropertyValue(variable(label)).trim();
export const percent = (share) => `${(100 * share).toFixed(0)} %`;
