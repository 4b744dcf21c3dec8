import classes from "./Water.module.css";

/** The lake behind the log-in: three slow layers of water. Decoration only. */
export function Water() {
  return (
    <svg className={classes.water} viewBox="0 0 1440 320" preserveAspectRatio="none" aria-hidden>
      <path className={classes.far} d="M0 140c180-60 360-60 540 0s360 60 540 0 360-60 540 0v180H0Z" />
      <path className={classes.middle} d="M-180 190c180-50 360-50 540 0s360 50 540 0 360-50 720 0v130H-180Z" />
      <path className={classes.near} d="M0 250c240-40 480-40 720 0s480 40 720 0v70H0Z" />
    </svg>
  );
}
