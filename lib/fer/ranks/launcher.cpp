#include "fer/ranks/launcher.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <limits>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/number.h"
#include "fer/core/text.h"

namespace fer::ranks {

namespace {

constexpr std::int64_t kMostRanks = 4096;
constexpr const char* kByProcesses = "FER_PROCESSES";  // set by our own launcher

std::string value_of(const Variables& variables, const std::string& name) {
  const auto found = variables.find(name);
  return found == variables.end() ? "" : found->second;
}

bool is_set(const Variables& variables, const std::string& name) {
  return !value_of(variables, name).empty();
}

// A variable that must be a whole number from `low` to `high`.
int number_in(const Variables& variables, const std::string& name, std::int64_t low,
              std::int64_t high, const std::string& why = "") {
  const std::string text = value_of(variables, name);
  const auto number = to_number<std::int64_t>(text);
  if (!number || *number < low || *number > high) {
    throw Error("the variable " + name + " is " + quote(text) + "; allowed: whole numbers from " +
                std::to_string(low) + " to " + std::to_string(high) + why);
  }
  return static_cast<int>(*number);
}

// Reads rank and size, which must both be set.
Place place_by(const Variables& variables, const std::string& launcher, const std::string& rank,
               const std::string& size) {
  for (const auto& [there, missing] : {std::pair(rank, size), std::pair(size, rank)}) {
    if (is_set(variables, missing)) continue;
    throw Error("the variable " + there + " is set to " + quote(value_of(variables, there)) +
                ", and " + missing +
                " is not; a process among several needs both, and one alone neither");
  }
  Place place;
  place.launcher = launcher;
  place.size = number_in(variables, size, 1, kMostRanks);
  place.rank = number_in(variables, rank, 0, place.size - 1,
                         ", because " + size + " is " + std::to_string(place.size));
  if (is_set(variables, "MASTER_ADDR")) place.address = value_of(variables, "MASTER_ADDR");
  if (is_set(variables, "MASTER_PORT")) {
    place.port = number_in(variables, "MASTER_PORT", 1, std::numeric_limits<std::uint16_t>::max());
  }
  return place;
}

std::string digits_at(std::string_view text, std::size_t first) {
  std::size_t end = first;
  while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
  return std::string(text.substr(first, end - first));
}

// The first machine of a list in Slurm's writing: node[03-05,9],x1 -> node03.
std::string first_machine(const std::string& list) {
  const std::size_t end = list.find_first_of(",[");
  if (end == std::string::npos || list[end] == ',') return list.substr(0, end);
  const std::string number = digits_at(list, end + 1);
  if (number.empty()) throw Error("Slurm's list of machines " + quote(list) + " cannot be read");
  const std::size_t close = list.find(']', end);
  const std::size_t tail = close == std::string::npos ? list.size() : close + 1;
  const std::size_t next = std::min(list.find_first_of(",[", tail), list.size());
  return list.substr(0, end) + number + list.substr(tail, next - tail);
}

Place by_torchrun(const Variables& variables) {
  const bool elastic = is_set(variables, "TORCHELASTIC_RUN_ID");
  const std::string own = value_of(variables, kByProcesses);
  const std::string launcher = !own.empty() ? "one machine" : elastic ? "torchrun" : "by hand";
  Place place = place_by(variables, launcher, "RANK", "WORLD_SIZE");
  if (place.several() && !is_set(variables, "MASTER_ADDR")) {
    throw Error(
        "the variable MASTER_ADDR is not set; beside RANK and WORLD_SIZE it names the machine of "
        "rank 0");
  }
  place.store_is_there = to_lower(value_of(variables, "TORCHELASTIC_USE_AGENT_STORE")) == "true";
  place.started_here = !own.empty();
  place.attempt = value_of(variables, "TORCHELASTIC_RESTART_COUNT") + own;
  return place;
}

Place by_open_mpi(const Variables& variables) {
  Place place = place_by(variables, "Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE");
  place.attempt = value_of(variables, "PMIX_NAMESPACE");
  const std::string here = value_of(variables, "OMPI_COMM_WORLD_LOCAL_SIZE");
  if (!is_set(variables, "MASTER_ADDR") && !here.empty() && here != std::to_string(place.size)) {
    throw Error(
        "the variable MASTER_ADDR is not set; with mpirun on several machines it names the one "
        "of rank 0: mpirun -x MASTER_ADDR=machine");
  }
  return place;
}

Place by_slurm(const Variables& variables) {
  const bool step = is_set(variables, "SLURM_STEP_NUM_TASKS");
  Place place =
      place_by(variables, "Slurm", "SLURM_PROCID", step ? "SLURM_STEP_NUM_TASKS" : "SLURM_NTASKS");
  place.attempt = value_of(variables, "SLURM_JOB_ID") + "." + value_of(variables, "SLURM_STEP_ID");
  if (is_set(variables, "MASTER_ADDR")) return place;
  for (const char* list : {"SLURM_STEP_NODELIST", "SLURM_NODELIST", "SLURM_JOB_NODELIST"}) {
    if (!is_set(variables, list)) continue;
    place.address = first_machine(value_of(variables, list));
    return place;
  }
  if (!place.several()) return place;
  throw Error(
      "SLURM_PROCID is set, and neither SLURM_NODELIST nor MASTER_ADDR says where rank 0 is");
}

// The script of sbatch also has SLURM_PROCID, but it runs alone; only steps of srun are ranks.
bool is_slurm_step(const Variables& variables) {
  return is_set(variables, "SLURM_PROCID") &&
         (is_set(variables, "SLURM_STEP_ID") || is_set(variables, "SLURM_STEPID"));
}

}  // namespace

std::optional<Place> place_of(const Variables& variables) {
  if (is_set(variables, "RANK") || is_set(variables, "WORLD_SIZE")) return by_torchrun(variables);
  if (is_set(variables, "OMPI_COMM_WORLD_RANK") || is_set(variables, "OMPI_COMM_WORLD_SIZE")) {
    return by_open_mpi(variables);
  }
  if (is_slurm_step(variables)) return by_slurm(variables);
  return std::nullopt;
}

Variables variables_for(int rank, int size, int port) {
  return {{"RANK", std::to_string(rank)},
          {"WORLD_SIZE", std::to_string(size)},
          {"LOCAL_RANK", std::to_string(rank)},
          {"LOCAL_WORLD_SIZE", std::to_string(size)},
          {"MASTER_ADDR", "127.0.0.1"},
          {"MASTER_PORT", std::to_string(port)},
          {kByProcesses, std::to_string(::getpid())}};
}

}  // namespace fer::ranks
