// Which of several processes this one is, as the program that started it says. Free of LibTorch.
#pragma once

#include <optional>
#include <string>

#include "fer/core/environment.h"

namespace fer::ranks {

using fer::environment;
using fer::Variables;

// One of `size` processes ("ranks") that do one thing together.
struct Place {
  std::string launcher;  // for people: "torchrun", "Open MPI"
  int rank = 0;          // 0 to size - 1
  int size = 1;
  std::string address = "127.0.0.1";  // of the machine of rank 0
  int port = 29500;                   // there
  bool store_is_there = false;        // the launcher itself listens there, not rank 0
  bool started_here = false;          // by start_processes()
  std::string attempt;                // what tells this start of these processes from others

  bool several() const { return size > 1; }
  bool first() const { return rank == 0; }
};

// Reads the place from the first of these groups of variables that is set:
//   RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT       torchrun, or a person
//   OMPI_COMM_WORLD_RANK, OMPI_COMM_WORLD_SIZE       mpirun of Open MPI
//   SLURM_PROCID, SLURM_STEP_NUM_TASKS               srun; not sbatch's script, which runs once
// Nothing where no launcher is at work. Behind mpirun and srun, MASTER_ADDR and MASTER_PORT say
// more; without them it is this machine (mpirun on one machine), the first of SLURM_NODELIST, and
// port 29500.
// @throws fer::Error that names the variable, its value and what is allowed, for what is half set
// or cannot be.
std::optional<Place> place_of(const Variables& variables);

// The variables from which place_of() reads the place `rank` of `size` processes on this machine.
Variables variables_for(int rank, int size, int port);

}  // namespace fer::ranks
