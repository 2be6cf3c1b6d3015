// Pictures to faces, by all threads of an engine.
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
  output::FramePrediction prediction;     // with the reason where there is none; without its pixels
  std::size_t faces_left_out = 0;         // beyond Limits::faces, the least sure ones
  std::vector<std::string> explanations;  // a PNG for each face, where they are wanted
  std::string annotated;                  // a JPEG, where it is wanted
};

// Looks parameters up: which model and which detector they name. @throws Problem.
PicturesTask pictures_task(Engine& engine, PictureInput input, const std::string& where);

// Call from a worker: the first picture is searched at once, the others by whichever worker is
// free. `done` is called once, by one of the engine's threads. Pictures that nobody waits for any
// more (`over`) are passed over.
void predict_pictures(Engine& engine, PicturesTask task, std::function<bool()> over,
                      std::function<void(std::vector<PictureAnswer>)> done);

// A picture of at most Limits::pixels, whose file is given up. @throws fer::Error naming it.
cv::Mat decode_bounded(Picture& picture, const Limits& limits);

}  // namespace fer::serve
