/** What the engine says of a container and of its image, whatever docker-compose.yml asks for. */
import { execFileSync } from 'node:child_process'

export interface Inspection {
  readonly user: string
  readonly droppedCapabilities: readonly string[]
  readonly addedCapabilities: readonly string[]
  readonly isPrivileged: boolean
  readonly isRootReadOnly: boolean
  readonly securityOptions: readonly string[]
  readonly memoryBytes: number
  readonly maxProcesses: number
  readonly imageBytes: number
  /** Where a volume or a tmpfs may be written to. */
  readonly writable: readonly string[]
}

interface Container {
  readonly Image: string
  readonly Config: { readonly User: string }
  readonly HostConfig: {
    readonly CapDrop: string[] | null
    readonly CapAdd: string[] | null
    readonly Privileged: boolean
    readonly ReadonlyRootfs: boolean
    readonly SecurityOpt: string[] | null
    readonly Memory: number
    readonly PidsLimit: number | null
    readonly Tmpfs: Record<string, string> | null
  }
  readonly Mounts: readonly { readonly Destination: string; readonly RW: boolean }[]
  readonly NetworkSettings: { readonly Networks: Record<string, { readonly IPAddress: string }> }
}

/** @param id of a container, running or ended */
export function inspect(id: string): Inspection {
  const { Image, Config, HostConfig, Mounts } = containerOf(id)
  const [image] = docker<{ Size: number }>('image', 'inspect', Image)
  return {
    user: Config.User,
    droppedCapabilities: HostConfig.CapDrop ?? [],
    addedCapabilities: HostConfig.CapAdd ?? [],
    isPrivileged: HostConfig.Privileged,
    isRootReadOnly: HostConfig.ReadonlyRootfs,
    securityOptions: HostConfig.SecurityOpt ?? [],
    memoryBytes: HostConfig.Memory,
    maxProcesses: HostConfig.PidsLimit ?? 0,
    imageBytes: image!.Size,
    writable: [
      ...Mounts.filter(({ RW }) => RW).map(({ Destination }) => Destination),
      ...Object.keys(HostConfig.Tmpfs ?? {})
    ].sort()
  }
}

/** Its address in a network of the engine, which is a network of this machine too. */
export function addressOf(id: string): string {
  const { Networks } = containerOf(id).NetworkSettings
  return Object.values(Networks)[0]!.IPAddress
}

function containerOf(id: string): Container {
  return docker<Container>('container', 'inspect', id)[0]!
}

function docker<T>(...args: readonly string[]): T[] {
  return JSON.parse(execFileSync('docker', args, { encoding: 'utf8', maxBuffer: 1e8 })) as T[]
}
