#!/usr/bin/env bash
# A whole Slurm on one machine, for trying job scripts: controller, node and authentication on loopback only.
#
#   loopback.sh up FOLDER       start it; prints the line that points Slurm's commands at it
#   loopback.sh down FOLDER     stop it
#
# Needs root and the Debian packages slurmctld slurmd slurm-client munge; no systemd, no database. Key, socket,
# state and logs are in FOLDER, which must be short (a socket's path has at most 107 bytes).
set -euo pipefail

verb=${1:?up or down}
mkdir -p "${2:?a folder for its state}"
state=$(cd "$2" && pwd)
host=$(hostname -s)

down() {
  local name pid
  for name in slurmd slurmctld munged; do
    [ -s "$state/$name.pid" ] || continue
    pid=$(cat "$state/$name.pid")
    kill "$pid" 2>/dev/null || continue
    for _ in $(seq 50); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
  done
}

authentication() {
  mkdir -p "$state/munge"
  chmod 700 "$state/munge"
  [ -s "$state/munge/key" ] || (umask 077 && head -c 64 /dev/urandom >"$state/munge/key")
  munged --force --num-threads=2 --key-file="$state/munge/key" --seed-file="$state/munge/seed" \
    --socket="$state/munge.socket" --pid-file="$state/munged.pid" --log-file="$state/log/munged.log"
}

configuration() {
  local memory
  memory=$(($(awk '/^MemTotal/ { print $2 }' /proc/meminfo) / 1024 - 256))
  # cred_expire: a task that is requeued waits until its first credential has expired, two minutes unless told.
  cat >"$state/slurm.conf" <<CONF
ClusterName=loopback
SlurmctldHost=$host(127.0.0.1)
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort=27817
SlurmdPort=27818
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$state/munge.socket,cred_expire=5
StateSaveLocation=$state/controller
SlurmdSpoolDir=$state/node
SlurmctldPidFile=$state/slurmctld.pid
SlurmdPidFile=$state/slurmd.pid
SlurmctldLogFile=$state/log/slurmctld.log
SlurmdLogFile=$state/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=3,sched_interval=3
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
JobRequeue=1
SlurmdTimeout=30
KillWait=3
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$memory State=UNKNOWN
PartitionName=local Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
}

up() {
  mkdir -p "$state/log" "$state/controller" "$state/node"
  authentication
  configuration
  export SLURM_CONF="$state/slurm.conf"
  slurmctld -i -f "$SLURM_CONF"
  slurmd -f "$SLURM_CONF"
  for _ in $(seq 100); do
    if sinfo --noheader --format=%T 2>/dev/null | grep -qx idle; then
      echo "export SLURM_CONF=$SLURM_CONF"
      return
    fi
    sleep 0.2
  done
  echo "Slurm did not come up; its logs are in $state/log" >&2
  tail -n 5 "$state"/log/*.log >&2
  down
  return 1
}

case $verb in
up) up ;;
down) down ;;
*) echo "write up or down" >&2 && exit 2 ;;
esac
