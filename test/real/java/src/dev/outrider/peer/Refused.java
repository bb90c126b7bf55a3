package dev.outrider.peer;

/** The peer was called in a way that it does not accept; the message is the sentence to show. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String sentence) {
        super(sentence);
    }
}
