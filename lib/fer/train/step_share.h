// Which parts of a step are computed where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "fer/train/train_options.h"

namespace fer::train {

// The parts of a step are dealt to networks, neighbours to the same, and the networks to ranks. How
// many networks there are decides in which order gradients are added up, and so the last bits of a
// sum; how many ranks there are does not.
struct StepShare {
  // First to last, without the last.
  struct Range {
    std::size_t first = 0, last = 0;
    std::size_t size() const { return last - first; }
    bool contains(std::size_t i) const { return i >= first && i < last; }
  };

  std::size_t networks = 1;  // of all ranks together, at least one a rank
  std::size_t rank = 0, ranks = 1;

  Range own_networks() const { return {networks * rank / ranks, networks * (rank + 1) / ranks}; }

  // The parts of network `i`, where a step has so many.
  Range parts_of(std::size_t i, std::size_t parts) const {
    return {i * parts / networks, (i + 1) * parts / networks};
  }

  Range own_parts(std::size_t parts) const {
    const Range own = own_networks();
    return {own.first * parts / networks, own.last * parts / networks};
  }
};

// Checks that each of so many ranks has a part of every usual step. @throws fer::OptionError that
// says which batch is large enough.
void check_shares(const TrainOptions& options, int ranks);

// "batches of 64 as 2 parts of 32: 1 a rank"
std::string describe_shares(const TrainOptions& options, int ranks);

}  // namespace fer::train
