// Reads from the launcher's variables which of several processes this one is. Needs no LibTorch.
#pragma once

#include <optional>
#include <string>

#include "fer/core/environment.h"

namespace fer::ranks {

using fer::environment;
using fer::Variables;

// One of `size` processes ("ranks") that work on one task together.
struct Place {
  std::string launcher;  // for people: "torchrun", "Open MPI"
  int rank = 0;          // 0 to size - 1
  int size = 1;
  std::string address = "127.0.0.1";  // of the machine of rank 0
  int port = 29500;                   // of that machine
  bool store_is_there = false;        // the launcher, not rank 0, runs the store
  bool started_here = false;          // started by start_processes()
  std::string attempt;                // distinguishes this start of the processes from others

  bool several() const { return size > 1; }
  bool first() const { return rank == 0; }
};

// Reads the place from the first of these groups of variables that is set:
//   RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT       torchrun, or a person
//   OMPI_COMM_WORLD_RANK, OMPI_COMM_WORLD_SIZE       mpirun of Open MPI
//   SLURM_PROCID, SLURM_STEP_NUM_TASKS               srun; not sbatch's script, which runs once
// Returns nothing without a launcher. With mpirun and srun, MASTER_ADDR and MASTER_PORT may name
// rank 0's address; the default is this machine (mpirun on one machine), or the first of
// SLURM_NODELIST, and port 29500. @throws fer::Error that names the variable, its value and what is
// allowed, for variables that are incomplete or invalid.
std::optional<Place> place_of(const Variables& variables);

// The variables from which place_of() reads the place `rank` of `size` processes on this machine.
Variables variables_for(int rank, int size, int port);

}  // namespace fer::ranks
