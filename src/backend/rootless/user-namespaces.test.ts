import { expect, it } from 'vitest';
import { userNamespaceObstacle } from './user-namespaces.ts';

const settings = (values: Readonly<Record<string, string>>) => (key: string) => values[key];

it('finds nothing in the way where the settings allow user namespaces, or are not known to the kernel', () => {
  expect(userNamespaceObstacle(settings({}))).toBeUndefined();
  expect(
    userNamespaceObstacle(
      settings({
        'kernel/unprivileged_userns_clone': '1',
        'user/max_user_namespaces': '96365',
        'kernel/apparmor_restrict_unprivileged_userns': '0',
      }),
    ),
  ).toBeUndefined();
});

it.each([
  ['kernel/unprivileged_userns_clone', '0', 'sudo sysctl kernel.unprivileged_userns_clone=1, or run Netbottle as root'],
  ['user/max_user_namespaces', '0', 'sudo sysctl user.max_user_namespaces=15000, or run Netbottle as root'],
  [
    'kernel/apparmor_restrict_unprivileged_userns',
    '1',
    'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or run Netbottle as root',
  ],
])('names the setting %s', (key, value, remedy) => {
  const obstacle = userNamespaceObstacle(settings({ [key]: value }));
  expect(obstacle).toMatchObject({ code: 'user-namespaces-forbidden', remedy });
  expect(obstacle?.message).toContain(`${key.replaceAll('/', '.')} is ${value}`);
});
