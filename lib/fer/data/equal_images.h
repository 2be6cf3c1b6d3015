// Which images of a set are equal pixel for pixel.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fer/data/images.h"

namespace fer::data {

// Groups of two or more rows of equal images, ascending in a group, the groups in order of their
// first row.
std::vector<std::vector<std::int64_t>> equal_images(const Images& images);

// [N] in row order: the first row of an equal image, an image's own where it is the first.
std::vector<std::int64_t> first_equals(const Images& images);

// A number for each image that equal pixels share, whatever file they came from: XXH3-64, [N] in
// row order.
std::vector<std::uint64_t> image_hashes(const Images& images);

// The same numbers ascending, each once; and those of either of two such lists.
std::vector<std::uint64_t> distinct_hashes(const Images& images);
std::vector<std::uint64_t> united(const std::vector<std::uint64_t>& first,
                                  const std::vector<std::uint64_t>& second);

// Which images have a number of such a list: bool [N].
at::Tensor among(const Images& images, const std::vector<std::uint64_t>& hashes);

// Rows of a set by class, where equal images stand in the class of the first of them, once: [C].
std::vector<std::vector<std::size_t>> distinct_rows_by_class(
    const std::vector<std::int64_t>& firsts, const at::Tensor& labels, std::size_t classes);

}  // namespace fer::data
