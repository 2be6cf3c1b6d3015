// Which images of a set are equal pixel for pixel.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fer::data {

// Groups of two or more rows of equal images, ascending in a group, the groups in order of their
// first row. images: uint8 [N,48,48], CPU.
std::vector<std::vector<std::int64_t>> equal_images(const at::Tensor& images);

// [N] in row order: the first row of an equal image, an image's own where it is the first.
std::vector<std::int64_t> first_equals(const at::Tensor& images);

// A number for each image that equal pixels share, whatever file they came from: XXH3-64, [N] in
// row order. images: uint8 [N,48,48], CPU.
std::vector<std::uint64_t> image_hashes(const at::Tensor& images);

// The same numbers ascending, each once; and those of either of two such lists.
std::vector<std::uint64_t> distinct_hashes(const at::Tensor& images);
std::vector<std::uint64_t> united(const std::vector<std::uint64_t>& first,
                                  const std::vector<std::uint64_t>& second);

// Which images have a number of such a list: bool [N].
at::Tensor among(const at::Tensor& images, const std::vector<std::uint64_t>& hashes);

// Rows of a set by class, where equal images stand in the class of the first of them, once: [C].
std::vector<std::vector<std::size_t>> distinct_rows_by_class(
    const std::vector<std::int64_t>& firsts, const at::Tensor& labels, std::size_t classes);

}  // namespace fer::data
