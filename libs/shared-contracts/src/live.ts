export type LiveTopic = 'sync-run' | 'connection' | 'inventory' | 'governance';

/** The data of one server-sent event: what to read again. Never holds the content itself. */
export class LiveEvent {
  topic!: LiveTopic;
  id!: string;
}
