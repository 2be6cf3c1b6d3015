// A colour for each class, as in the pictures that fer-predict draws.

const known = {
  angry: 0, disgust: 1, fear: 2, happy: 3, happiness: 3, sad: 4, sadness: 4, surprise: 5, neutral: 6, contempt: 7,
};
// On pictures, whose colours are not the page's.
const overPictures = [
  '#ff5858', '#46cd82', '#be78ff', '#ffd73c', '#50aaff', '#ff8ccd', '#c8c8c8', '#d2aa6e', '#3cd2d7', '#8c96fa',
];

const number = (label, labels) => known[label] ?? 8 + Math.max(0, labels.indexOf(label)) % 2;

export const overPicture = (label, labels) => overPictures[number(label, labels)];
export const variable = (label, labels) => `--c${number(label, labels)}`;
export const onPage = (label, labels) =>
  getComputedStyle(document.documentElement).getPropertyValue(variable(label, labels)).trim();
export const percent = (share) => `${(100 * share).toFixed(0)} %`;
