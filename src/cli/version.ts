declare const NETBOTTLE_VERSION: string;

/** The version in `package.json`, which the build puts here. */
export const version: string = typeof NETBOTTLE_VERSION === 'undefined' ? 'development' : NETBOTTLE_VERSION;
