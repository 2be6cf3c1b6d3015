// The parameters of a request's predictions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "fer/infer/tta.h"
#include "fer/serve/exchange.h"

namespace fer::serve {

struct PredictParameters {
  std::string model;     // empty: the usual one
  std::string detector;  // empty: the usual one
  infer::Tta tta = infer::Tta::none;
  std::size_t top = 0;  // number of the most probable classes in the answer; 0: all
  double min_confidence = 0.0;
  bool explain = false;   // return each face's explanation as a picture
  bool annotate = false;  // return the annotated picture
};

// Sets the parameters from `fields`. `where` names these in problems: "query parameter". @throws
// Problem for an unknown field (the nearest known one is named) and a value that is not allowed.
void read_parameters(const Fields& fields, std::string_view where, PredictParameters& parameters);

}  // namespace fer::serve
