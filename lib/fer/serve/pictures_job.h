// Predicts the faces of pictures with all threads of an engine.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fer/output/face_prediction.h"
#include "fer/serve/engine.h"
#include "fer/serve/parameters.h"
#include "fer/serve/picture_input.h"

namespace fer::serve {

struct PicturesTask {
  std::vector<Picture> pictures;
  PredictParameters parameters;
  std::shared_ptr<const ServedModel> model;
  predict::FaceFinder* finder = nullptr;
};

struct PictureAnswer {
  output::FramePrediction prediction;     // or its error; without pixels
  std::size_t faces_left_out = 0;         // those beyond Limits::faces, with the lowest scores
  std::vector<std::string> explanations;  // a PNG for each face, if wanted
  std::string annotated;                  // a JPEG, if wanted
};

// Finds the model and the detector that the parameters name. @throws Problem.
PicturesTask pictures_task(Engine& engine, PictureInput input, const std::string& where);

// Call from a worker: it searches the first picture at once, and free workers search the others.
// One of the engine's threads calls `done` once. Skips pictures once `over` returns true, because
// their request has ended.
void predict_pictures(Engine& engine, PicturesTask task, std::function<bool()> over,
                      std::function<void(std::vector<PictureAnswer>)> done);

// Decodes a picture of at most Limits::pixels and frees its file's bytes. @throws fer::Error naming
// it.
cv::Mat decode_bounded(Picture& picture, const Limits& limits);

}  // namespace fer::serve
