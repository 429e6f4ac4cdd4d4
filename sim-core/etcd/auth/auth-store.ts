import type { Clock } from '../../clock/clock.ts';
import type { Rand } from '../../clock/rand.ts';
import { rpcError } from '../api/rpctypes.ts';
import { compareBytes } from '../clientv3/bytes.ts';
import type { Permission } from '../clientv3/auth.ts';
import type { KeyRange } from '../clientv3/client.ts';
import { hashPassword, isPassword } from './password.ts';
import { isValidPermissionRange, RangePermissions } from './range-permissions.ts';
import { SimpleTokens } from './simple-token.ts';

const ROOT = 'root';
/** What the role "root" may do. */
const ROOT_PERMISSION: Permission = { type: 'READWRITE', key: '', rangeEnd: '\0' };

interface User {
  readonly name: string;
  /** Undefined: known by its client certificate only. */
  readonly password: string | undefined;
  readonly roles: readonly string[];
}

interface Role {
  readonly name: string;
  /** By key. */
  readonly permissions: readonly Permission[];
}

/** Everything that the store keeps, as plain JSON. */
export interface AuthData {
  readonly enabled: boolean;
  readonly revision: number;
  readonly users: readonly User[];
  readonly roles: readonly Role[];
}

interface MergedPermissions {
  readonly read: RangePermissions;
  readonly write: RangePermissions;
}

/**
 * Users, roles and what they may do. Every method throws an EtcdError; only a change that is made
 * counts as a revision. Models server/auth/store.go.
 */
export class AuthStore {
  readonly #rand: Rand;
  readonly #tokens: SimpleTokens;
  readonly #users = new Map<string, User>();
  readonly #roles = new Map<string, Role>();
  /** What users may do, made when it is first asked for and again after each change. */
  readonly #permissions = new Map<string, MergedPermissions>();
  #enabled = false;
  #revision = 1;

  constructor(clock: Clock, rand: Rand) {
    this.#rand = rand;
    this.#tokens = new SimpleTokens(clock, rand);
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  get revision(): number {
    return this.#revision;
  }

  enable(): void {
    if (this.#enabled) return;
    const root = this.#users.get(ROOT);
    if (root === undefined) throw rpcError('rootUserNotExist');
    if (!root.roles.includes(ROOT)) throw rpcError('rootRoleNotExist');
    this.#enabled = true;
  }

  disable(): void {
    if (!this.#enabled) return;
    this.#enabled = false;
    this.#tokens.invalidate();
    this.#commit();
  }

  /** The token of a user who gave the right password. `index`: of the log entry that asks. */
  authenticate(name: string, password: string, index: number): string {
    if (!this.#enabled) throw rpcError('authNotEnabled');
    const user = this.#users.get(name);
    if (user === undefined) throw rpcError('authFailed');
    if (user.password === undefined) throw rpcError('noPasswordUser');
    if (!isPassword(password, user.password)) throw rpcError('authFailed');
    return this.#tokens.assign(name, index);
  }

  /** Whose token it is. Throws if it is nobody's. */
  userOfToken(token: string): string {
    const user = this.#tokens.userOf(token);
    if (user === undefined) throw rpcError('invalidAuthToken');
    return user;
  }

  userAdd(name: string, password: string, noPassword: boolean): void {
    if (name === '') throw rpcError('userEmpty');
    if (this.#users.has(name)) throw rpcError('userAlreadyExist');
    const hashed = noPassword ? undefined : hashPassword(password, this.#rand);
    this.#putUser({ name, password: hashed, roles: [] });
  }

  userDelete(name: string): void {
    if (this.#enabled && name === ROOT) throw rpcError('invalidAuthMgmt');
    this.#user(name);
    this.#users.delete(name);
    this.#tokens.invalidate(name);
    this.#commit();
  }

  userChangePassword(name: string, password: string): void {
    const user = this.#user(name);
    const hashed = user.password === undefined ? undefined : hashPassword(password, this.#rand);
    this.#tokens.invalidate(name);
    this.#putUser({ ...user, password: hashed });
  }

  /** The role "root" need not exist. */
  userGrantRole(name: string, role: string): void {
    const user = this.#user(name);
    if (role !== ROOT) this.#role(role);
    if (user.roles.includes(role)) return;
    this.#putUser({ ...user, roles: [...user.roles, role].sort(compareBytes) });
  }

  userRevokeRole(name: string, role: string): void {
    if (this.#enabled && name === ROOT && role === ROOT) throw rpcError('invalidAuthMgmt');
    const user = this.#user(name);
    if (!user.roles.includes(role)) throw rpcError('roleNotGranted');
    this.#putUser(without(user, role));
  }

  userRoles(name: string): readonly string[] {
    return this.#user(name).roles;
  }

  users(): string[] {
    return [...this.#users.keys()].sort(compareBytes);
  }

  roleAdd(name: string): void {
    if (name === '') throw rpcError('roleEmpty');
    if (this.#roles.has(name)) throw rpcError('roleAlreadyExist');
    this.#putRole({ name, permissions: [] });
  }

  /** Takes the role from its users too. */
  roleDelete(name: string): void {
    if (this.#enabled && name === ROOT) throw rpcError('invalidAuthMgmt');
    this.#role(name);
    this.#roles.delete(name);
    for (const user of this.#users.values()) {
      if (user.roles.includes(name)) this.#users.set(user.name, without(user, name));
    }
    this.#commit();
  }

  /** Replaces what the role could do with exactly this range. */
  roleGrantPermission(name: string, permission: Permission): void {
    if (!isValidPermissionRange(permission)) throw rpcError('invalidAuthMgmt');
    const role = this.#role(name);
    const others = role.permissions.filter((other) => !isSameRange(other, permission));
    const permissions = [...others, permission].sort((a, b) => compareBytes(a.key, b.key));
    this.#putRole({ name, permissions });
  }

  roleRevokePermission(name: string, range: KeyRange): void {
    const role = this.#role(name);
    const permissions = role.permissions.filter((permission) => !isSameRange(permission, range));
    if (permissions.length === role.permissions.length) throw rpcError('permissionNotGranted');
    this.#putRole({ name, permissions });
  }

  rolePermissions(name: string): readonly Permission[] {
    const { permissions } = this.#role(name);
    return name === ROOT ? [ROOT_PERMISSION] : permissions;
  }

  roles(): string[] {
    return [...this.#roles.keys()].sort(compareBytes);
  }

  hasRole(user: string, role: string): boolean {
    return this.#users.get(user)?.roles.includes(role) ?? false;
  }

  /** Throws unless the user ("" : nobody) may read or write all keys of the range. Models isOpPermitted. */
  checkPermitted(user: string, range: KeyRange, operation: 'read' | 'write'): void {
    if (!this.#enabled) return;
    if (user === '') throw rpcError('userEmpty');
    if (this.hasRole(user, ROOT)) return;
    if (!this.#users.has(user) || !this.#permissionsOf(user)[operation].cover(range)) {
      throw rpcError('permissionDenied');
    }
  }

  /** Throws unless the user has the role "root". Models IsAdminPermitted. */
  checkAdmin(user: string): void {
    if (!this.#enabled) return;
    if (user === '') throw rpcError('userEmpty');
    this.#user(user);
    if (!this.hasRole(user, ROOT)) throw rpcError('permissionDenied');
  }

  save(): AuthData {
    const { enabled, revision } = this;
    return { enabled, revision, users: [...this.#users.values()], roles: [...this.#roles.values()] };
  }

  /** Fills an empty store with what another kept. Tokens are not kept. */
  recover({ enabled, revision, users, roles }: AuthData): void {
    for (const user of users) this.#users.set(user.name, user);
    for (const role of roles) this.#roles.set(role.name, role);
    this.#enabled = enabled;
    this.#revision = revision;
  }

  #user(name: string): User {
    const user = this.#users.get(name);
    if (user === undefined) throw rpcError('userNotFound');
    return user;
  }

  #role(name: string): Role {
    const role = this.#roles.get(name);
    if (role === undefined) throw rpcError('roleNotFound');
    return role;
  }

  #putUser(user: User): void {
    this.#users.set(user.name, user);
    this.#commit();
  }

  #putRole(role: Role): void {
    this.#roles.set(role.name, role);
    this.#commit();
  }

  #commit(): void {
    this.#revision++;
    this.#permissions.clear();
  }

  #permissionsOf(name: string): MergedPermissions {
    let merged = this.#permissions.get(name);
    if (merged === undefined) {
      const granted = this.#user(name).roles.flatMap((role) => this.#roles.get(role)?.permissions ?? []);
      merged = {
        read: new RangePermissions(granted.filter(({ type }) => type !== 'WRITE')),
        write: new RangePermissions(granted.filter(({ type }) => type !== 'READ')),
      };
      this.#permissions.set(name, merged);
    }
    return merged;
  }
}

function without(user: User, role: string): User {
  return { ...user, roles: user.roles.filter((other) => other !== role) };
}

function isSameRange(a: KeyRange, b: KeyRange): boolean {
  return a.key === b.key && (a.rangeEnd ?? '') === (b.rangeEnd ?? '');
}
