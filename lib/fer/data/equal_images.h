// Finds images of a set that are equal pixel for pixel.
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

// [N] in row order: the first row with an equal image, which may be the image itself.
std::vector<std::int64_t> first_equals(const Images& images);

// A hash of the pixels of each image, independent of the file format: XXH3-64, [N] in row order.
std::vector<std::uint64_t> image_hashes(const Images& images);

// The different hashes, ascending; and the union of two such lists.
std::vector<std::uint64_t> distinct_hashes(const Images& images);
std::vector<std::uint64_t> united(const std::vector<std::uint64_t>& first,
                                  const std::vector<std::uint64_t>& second);

// Whether each image's hash is in such a list: bool [N].
at::Tensor among(const Images& images, const std::vector<std::uint64_t>& hashes);

// The rows of each class [C], with equal images only once, in the class of the first one.
std::vector<std::vector<std::size_t>> distinct_rows_by_class(
    const std::vector<std::int64_t>& firsts, const at::Tensor& labels, std::size_t classes);

}  // namespace fer::data
