/** What people need who are signed in: loaded together. */
export { Data } from './data.tsx';
export { Devices } from './devices.tsx';
export { Profile } from './profile.tsx';
export { Security } from './security.tsx';
