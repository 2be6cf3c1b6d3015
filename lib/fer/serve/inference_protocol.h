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
  // Whether an output goes as raw bytes behind the JSON; each label then follows its length (4
  // bytes).
  bool binary_probabilities = false, binary_labels = false;
};

// One input "faces" of the model's format, flat, nested or as raw bytes: grey UINT8
// [N,height,width] or [N,1,height,width], colours [N,height,width,3]. The body is taken. @throws
// Problem naming what is wrong, and for more than `most` faces.
InferRequest infer_request(Request& request, const FaceFormat& format, std::size_t most);

// rows: [N][C].
Response infer_response(const InferRequest& request, const ServedModel& model,
                        const std::vector<std::vector<float>>& rows);

}  // namespace fer::serve::kserve
