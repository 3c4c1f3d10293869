/** Something that the proof has no words for: whatever hangs on it is not known, and not guessed. */
export class NotFollowed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotFollowed';
  }
}
