export interface DockerEngine {
  host: string;
}
