package dev.outrider.loadjob;

/** What user code throws at a record that it cannot digest: at the same record again after every restore. */
final class PoisonRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PoisonRecordException(int partition, long position) {
        super("cannot digest the record at position " + position + " of partition " + partition);
    }
}
