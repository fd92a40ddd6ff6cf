package io.weir.kit;

import io.weir.driver.CloudDriver;
import io.weir.pool.MachineId;
import io.weir.pool.PoolDocument;
import io.weir.pool.Scope;
import java.time.Duration;
import java.time.InstantSource;
import org.opentest4j.TestAbortedException;

/**
 * A cloud for a driver to be tried on: a real one, an emulator or a fake. What a target cannot do aborts the tests that need it, and
 * they are shown as skipped with the reason.
 */
public interface CloudTarget extends AutoCloseable {

    CloudDriver driver();

    /** The clock that the driver was given. */
    InstantSource clock();

    /** The cheapest thing that this cloud can launch, in two zones if it has them; bounds and size do not matter. */
    PoolDocument document();

    /** Lets the cloud's time pass; returns when it has. */
    void pass(Duration time);

    /** How long what the cloud has promised may take: a boot, an end, a listing that catches up. */
    Duration patience();

    /** The adapter ended and another one begins: from now on {@link #driver} is one that remembers nothing. */
    default void restart() {
        throw cannot("be met by a second driver");
    }

    /** Somebody writes a tag or label on a machine, behind the driver's back. */
    default void writeTag(MachineId id, String key, String value) {
        throw cannot("be edited behind the driver's back");
    }

    /** What a launch was frozen with is no more: its image is gone. */
    default void forgetImages() {
        throw cannot("take its images away");
    }

    default void loseNextAnswer() {
        throw cannot("lose an answer");
    }

    default void loseNextRequest() {
        throw cannot("lose a request");
    }

    /** From now on at most so many machines are alive in a scope at once. */
    default void limitCapacity(Scope scope, int machines) {
        throw cannot("run out of capacity");
    }

    /** From now on at most so many machines more than there are now can be launched in all. */
    default void limitQuota(int machines) {
        throw cannot("run out of quota");
    }

    /** From now on listings lack this scope. */
    default void hide(Scope scope) {
        throw cannot("hide a scope");
    }

    /** From now on every accepted launch fails soon. */
    default void refuseLater() {
        throw cannot("refuse a launch that it has accepted");
    }

    default void protect(MachineId id) {
        throw cannot("protect a machine");
    }

    default void pageSize(int machines) {
        throw cannot("make its pages small");
    }

    /** From now on only so many listing calls (pages) are answered, the next ones are throttled. */
    default void throttleListings(int calls) {
        throw cannot("throttle");
    }

    default void makeUnavailable() {
        throw cannot("be unavailable");
    }

    default void revokeCredentials() {
        throw cannot("revoke credentials");
    }

    /** A machine of somebody else, with one tag or label of its own ({@code owner=somebody}). */
    default MachineId launchForeign(String name) {
        throw cannot("launch a machine of somebody else");
    }

    /** Ends a machine behind the driver's back. */
    default void kill(MachineId id) {
        throw cannot("kill a machine");
    }

    /** How many machines of this name the cloud has ever launched, by its own books. */
    default int everLaunched(String name) {
        throw cannot("tell what it ever launched");
    }

    /** Ends every fault. */
    default void calm() {}

    @Override
    default void close() {}

    private static TestAbortedException cannot(String what) {
        return new TestAbortedException("this target cannot " + what);
    }
}
