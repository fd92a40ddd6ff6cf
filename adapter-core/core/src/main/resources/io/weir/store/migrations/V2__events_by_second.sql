-- What is older than a time is found without looking at every event.
CREATE INDEX event_by_second ON event (substr(at, 1, 19));
