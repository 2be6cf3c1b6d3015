// Finds the scales of 8-bit activations from faces, for `fer-model quantize`.
#pragma once

#include <map>
#include <span>
#include <string>

#include "fer/core/face.h"
#include "fer/model/model_file.h"
#include "fer/runtime/team.h"

namespace fer::infer {

// For each layer that can read 8 bits (graph/eight_bit.h), by its name: the scale with the least
// mean square error by rounding and cutting off, over all numbers that the layer reads for these
// faces. On one processor the same faces give the same bits; other processors add floats up in
// another order. @throws fer::Error that starts with `origin` if the network has no such layer, or
// a layer reads only zeros; for no faces; and as model::graph_of does.
std::map<std::string, double> input_scales(const model::Model& model, const std::string& origin,
                                           FacesView faces, runtime::Team& team);

// The best scale for non-negative numbers of which counts[i] lie between i and i + 1 times `bin`; 0
// for no numbers. Zeros need not be counted, because they have no error. Throws nothing.
double best_step(std::span<const double> counts, double bin);

}  // namespace fer::infer
