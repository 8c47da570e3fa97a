/** True in the bundle of `npm start` and the tests; in a production bundle everything behind it is left out. */
declare const __LOCAL__: boolean;
