/** The same page, with `react` and `react-dom` as aliases of `preact/compat`. */
import './react.ts';
