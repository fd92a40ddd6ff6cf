package io.weir.simulated;

/** Where a cloud writes its changes down. */
public interface CloudJournal {
    /** A cloud that forgets. */
    CloudJournal NONE = new CloudJournal() {
        @Override
        public void append(LedgerEvent event) {}

        @Override
        public void flush() {}
    };

    void append(LedgerEvent event);

    /** What was appended is durable when this returns; called before an answer goes out. */
    void flush();
}
