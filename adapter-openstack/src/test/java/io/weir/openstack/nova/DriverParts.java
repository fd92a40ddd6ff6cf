package io.weir.openstack.nova;

import io.weir.cloud.Elastisys;
import io.weir.cloud.RequestMeter;
import io.weir.cloud.SideBySide;
import io.weir.driver.Promises;
import io.weir.pool.PoolName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/** What a driver under test is made of. */
record DriverParts(
        Supplier<Account> accounts,
        String region,
        Map<String, String> addresses,
        Map<String, PoolName> elastisys,
        InstantSource clock,
        ExecutorService threads,
        Promises promises,
        RequestMeter requests) {

    static DriverParts of(Supplier<Account> accounts, InstantSource clock, ExecutorService threads) {
        return new DriverParts(
                accounts,
                accounts.get().region(),
                Map.of(),
                Map.of(),
                clock,
                threads,
                new Promises(Duration.ofMillis(500), Duration.ofMillis(500), Optional.empty(), 16),
                RequestMeter.NONE);
    }

    DriverParts at(Map<String, String> newAddresses) {
        return new DriverParts(accounts, region, newAddresses, elastisys, clock, threads, promises, requests);
    }

    DriverParts takingOver(Map<String, PoolName> pools) {
        return new DriverParts(accounts, region, addresses, pools, clock, threads, promises, requests);
    }

    DriverParts counting(RequestMeter meter) {
        return new DriverParts(accounts, region, addresses, elastisys, clock, threads, promises, meter);
    }

    OpenstackCalls calls() {
        Wire wire = new Wire(Optional.empty(), Duration.ofSeconds(3), Duration.ofSeconds(30));
        return new OpenstackCalls(
                new Login(accounts, wire, clock, requests, System::nanoTime),
                wire,
                addresses,
                requests,
                System::nanoTime,
                Deadline.in(Duration.ofHours(1), System::nanoTime));
    }

    NovaDriver driver() {
        OpenstackCalls calls = calls();
        OpenstackApis apis = new OpenstackApis() {
            @Override
            public NovaApi nova(Deadline deadline) {
                return new OpenstackNovaApi(calls.until(deadline));
            }

            @Override
            public CatalogApi catalog(Deadline deadline) {
                return new OpenstackCatalog(calls.until(deadline));
            }
        };
        return new NovaDriver(
                apis,
                new Elastisys(elastisys),
                new SideBySide(threads, 8),
                clock,
                System::nanoTime,
                new NovaDriver.Settings(region, promises, Duration.ofSeconds(30)));
    }
}
