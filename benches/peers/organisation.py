"""The small organisation of organisation.toml in SimPy 4: python organisation.py REPLICATIONS

Prints, per replication: mean lead time (hours) with its standard error, changes deployed, incidents, pre-emptions;
then events a replication and nanoseconds of processor time an event.
"""
import random
import statistics
import sys
import time

import simpy

HOURS = 4160.0
INCIDENT, RESUMED, FRESH = 0, 1, 2


class Organisation:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.env = simpy.Environment()
        self.team = simpy.PreemptiveResource(self.env, capacity=5)
        self.leads, self.incidents, self.preemptions, self.events = [], 0, 0, 0
        self.meeting = None

    def run(self):
        self.env.process(self.arrivals())
        self.env.run(until=HOURS)
        return self

    def arrivals(self):
        while True:
            yield self.env.timeout(self.random.expovariate(0.25))
            self.events += 1
            self.env.process(self.change())

    def work(self, hours, priority):
        """Work that goes on, first in its line, after whatever pre-empts it."""
        while hours > 0:
            with self.team.request(priority=priority, preempt=priority == INCIDENT) as request:
                yield request
                since = self.env.now
                try:
                    yield self.env.timeout(hours)
                    hours = 0
                    self.events += 1
                except simpy.Interrupt:
                    self.preemptions += 1
                    hours -= self.env.now - since
                    priority = RESUMED

    def change(self):
        born = self.env.now
        while True:
            yield from self.work(self.random.lognormvariate(1.985, 1.0), FRESH)
            if self.random.random() >= 0.2:
                break
        if self.random.random() < 0.3:
            yield self.next_meeting()
        self.leads.append(self.env.now - born)
        if self.random.random() < 0.2:
            self.incidents += 1
            self.env.process(self.work(self.random.lognormvariate(1.29176, 1.0), INCIDENT))

    def next_meeting(self):
        if self.meeting is None:
            self.meeting = self.env.event()
            self.env.process(self.meet())
        return self.meeting

    def meet(self):
        yield self.env.timeout(40.0 - self.env.now % 40.0)
        self.events += 1
        meeting, self.meeting = self.meeting, None
        meeting.succeed()


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    begun = time.process_time()
    replications = [Organisation(seed).run() for seed in range(count)]
    spent = time.process_time() - begun
    leads = [statistics.fmean(replication.leads) for replication in replications]
    error = statistics.stdev(leads) / count**0.5 if count > 1 else float("nan")
    mean = lambda read: statistics.fmean(read(replication) for replication in replications)
    events = mean(lambda replication: replication.events)
    print(f"lead {statistics.fmean(leads):.3f} +- {error:.3f} h")
    print(f"deployed {mean(lambda it: len(it.leads)):.1f}, incidents {mean(lambda it: it.incidents):.1f}, "
          f"pre-emptions {mean(lambda it: it.preemptions):.2f}")
    print(f"{events:.0f} events, {spent * 1e9 / (events * count):.0f} ns an event")


main()
