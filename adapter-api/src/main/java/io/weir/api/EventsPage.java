package io.weir.api;

import java.util.List;

/** Events in the order in which they happened; {@code next} is the cursor that shows what comes after them. */
public record EventsPage(List<Event> events, String next) {
    public EventsPage {
        events = List.copyOf(events);
    }
}
