// Finds what the steps of 8-bit activations are worth, from faces: what `fer-model quantize` does.
#pragma once

#include <map>
#include <span>
#include <string>

#include "fer/core/face.h"
#include "fer/model/model_file.h"
#include "fer/runtime/team.h"

namespace fer::infer {

// For each layer that can read 8 bits (graph/eight_bit.h), by its name: the step at which rounding
// and cutting off cost the least, as the mean square over all numbers that it reads for these
// faces. The same faces give the same steps on one processor, to the last bit; another adds floats
// up in another order. @throws fer::Error that starts with `origin` where the network has no such
// layer, or where a layer reads nothing but zeros; for no faces; and as model::graph_of does.
std::map<std::string, double> input_scales(const model::Model& model, const std::string& origin,
                                           FacesView faces, runtime::Team& team);

// The step for non-negative numbers of which counts[i] lie between i and i + 1 times `bin`. Zeros
// are not counted: they cost nothing. @throws nothing; 0 where there are none.
double best_step(std::span<const double> counts, double bin);

}  // namespace fer::infer
