// A request as fuzzing writes it: "POST /v1/predict?top=3", the content type, what the header
// Inference-Header-Content-Length says, each on a line, then the body.
#pragma once

#include <string_view>

#include "fer/serve/exchange.h"

namespace fer::fuzz {

// @throws serve::Problem for an invalid address.
serve::Request request_of(std::string_view bytes);

}  // namespace fer::fuzz
