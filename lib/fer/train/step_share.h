// Assigns the parts of a step to networks and ranks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "fer/train/train_options.h"

namespace fer::train {

// Parts are assigned to networks, neighbours to the same one, and networks to ranks. The number of
// networks determines the order in which gradients are added, and so the last bits of a sum; the
// number of ranks does not.
struct StepShare {
  // [first, last).
  struct Range {
    std::size_t first = 0, last = 0;
    std::size_t size() const { return last - first; }
    bool contains(std::size_t i) const { return i >= first && i < last; }
  };

  std::size_t networks = 1;  // of all ranks together; at least one for each rank
  std::size_t rank = 0, ranks = 1;

  Range own_networks() const { return {networks * rank / ranks, networks * (rank + 1) / ranks}; }

  // The parts of network `i` in a step of `parts` parts.
  Range parts_of(std::size_t i, std::size_t parts) const {
    return {i * parts / networks, (i + 1) * parts / networks};
  }

  Range own_parts(std::size_t parts) const {
    const Range own = own_networks();
    return {own.first * parts / networks, own.last * parts / networks};
  }
};

// Checks that each of the `ranks` has a part of every usual step. @throws fer::OptionError with the
// smallest sufficient batch.
void check_shares(const TrainOptions& options, int ranks);

// "batches of 64 as 2 parts of 32: 1 a rank"
std::string describe_shares(const TrainOptions& options, int ranks);

}  // namespace fer::train
