// Computes numbers for each image, block by block, with one rank or several.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>

#include "fer/data/images.h"
#include "fer/ranks/ranks.h"

namespace fer::eval {

// Computes float32 [M,columns] for a block of M images, of which `first` is the first one's row.
using ComputeBlock = std::function<at::Tensor(std::int64_t first, const at::Tensor& block)>;

// The rows of all images: float32 [N,columns], CPU. Blocks consist of whole batches, so that block
// ends do not change batches. Each of several ranks computes a part, and all get the whole, with
// the same result as one process on the same kind of processor.
at::Tensor rows_of_blocks(const data::Images& images, std::int64_t columns, std::int64_t batch_size,
                          const ComputeBlock& compute, ranks::Ranks& ranks = ranks::alone());

}  // namespace fer::eval
