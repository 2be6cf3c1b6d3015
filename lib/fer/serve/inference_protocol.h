// KServe's Open Inference Protocol, version 2, over HTTP: face crops in, probabilities out.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/serve/exchange.h"
#include "fer/serve/models.h"

namespace fer::serve::kserve {

inline constexpr const char* kVersion = "1";  // of every model: files have none

nlohmann::ordered_json server_metadata();
nlohmann::ordered_json model_metadata(const ServedModel& model);

struct InferRequest {
  std::string id;
  Faces faces;
  bool wants_labels = false;  // the second output
  bool wants_probabilities = true;
  // Whether to send an output as raw bytes after the JSON; labels then have their lengths (4 bytes)
  // in front.
  bool binary_probabilities = false, binary_labels = false;
};

// The input "faces" in the model's format, flat, nested or as raw bytes: grey UINT8
// [N,height,width] or [N,1,height,width], rgb [N,height,width,3]. Takes the body. @throws Problem
// for a wrong request, and for more than `most` faces.
InferRequest infer_request(Request& request, const FaceFormat& format, std::size_t most);

// rows: [N][C].
Response infer_response(const InferRequest& request, const ServedModel& model,
                        const std::vector<std::vector<float>>& rows);

}  // namespace fer::serve::kserve
