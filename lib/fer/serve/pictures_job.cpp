#include "fer/serve/pictures_job.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <future>
#include <new>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/image/codecs.h"
#include "fer/image/image.h"
#include "fer/image/jpeg_bytes.h"
#include "fer/image/picture_header.h"
#include "fer/output/annotate.h"
#include "fer/output/face_files.h"
#include "fer/predict/frame_work.h"
#include "fer/predict/label_stabilizer.h"
#include "fer/serve/problem.h"

namespace fer::serve {

namespace {

using predict::FrameWork;

// Refuses formats that need the plug-in if it is missing, because its own message would reveal
// folders of this machine.
void check_readable(std::string_view format, const std::string& name) {
  if (format == "JPEG" || format == "PNG" || format == "GIF") return;
  try {
    image::codecs();
  } catch (const Error&) {
    throw Error(name + ": this service reads JPEG, PNG and still GIF alone, and no " +
                std::string(format));
  }
}

class PicturesJob : public std::enable_shared_from_this<PicturesJob> {
 public:
  PicturesJob(Engine& engine, PicturesTask task, std::function<bool()> over,
              std::function<void(std::vector<PictureAnswer>)> done)
      : token_(engine.work),
        engine_(engine),
        task_(std::move(task)),
        over_(std::move(over)),
        done_(std::move(done)),
        answers_(task_.pictures.size()),
        work_(task_.pictures.size()),
        left_(task_.pictures.size()) {}

  void start() {
    for (std::size_t i = 1; i < task_.pictures.size(); ++i) {
      engine_.workers.post([self = shared_from_this(), i] { self->find(i); });
    }
    find(0);
  }

 private:
  const PredictParameters& parameters() const { return task_.parameters; }

  // The most faces of one picture; all pictures get the same part of the memory.
  std::size_t most_faces() const {
    const Limits& limits = engine_.config.limits;
    return std::min(limits.faces, std::max<std::size_t>(
                                      task_.model->most_faces(limits) / task_.pictures.size(), 1));
  }

  // Runs one step; its exceptions become the picture's error.
  template <class Step>
  bool guarded(std::size_t i, const Step& step) {
    std::string problem;
    try {
      step();
      return true;
    } catch (const Error& error) {
      problem = error.what();
    } catch (const Problem& error) {
      problem = error.what();
    } catch (const std::bad_alloc&) {
      problem = "there is too little memory for it";
    } catch (const std::exception&) {
      problem = "an internal error";
    }
    output::FramePrediction& prediction = work_[i].prediction;
    const std::string& name = task_.pictures[i].name;
    prediction.frame.source = name;
    prediction.frame.error = problem.starts_with(name + ":") ? problem : name + ": " + problem;
    prediction.faces.clear();
    work_[i].crops.clear();
    work_[i].cuts.clear();
    return false;
  }

  void find(std::size_t i) {
    const bool found = guarded(i, [&] {
      if (over_()) throw Error("nobody waits for it");
      search(i);
    });
    if (!found || work_[i].crops.empty()) return finish(i);
    ClassifyJob job{
        task_.model, parameters().tta, work_[i].crops, std::exchange(work_[i].cuts, {}), {}};
    if (parameters().annotate) return classify_here(i, std::move(job));
    job.done = [self = shared_from_this(), i](ClassifyJob::Rows rows, std::exception_ptr failure) {
      self->classified(i, std::move(rows), failure);
    };
    engine_.batcher.add(std::move(job));
  }

  void search(std::size_t i) {
    FrameWork& work = work_[i];
    source::Frame& frame = work.prediction.frame;
    {
      const StageTimer timer(engine_.metrics, Stage::decode);
      frame.source = task_.pictures[i].name;
      frame.image = decode_bounded(task_.pictures[i], engine_.config.limits);
      frame.size = frame.image.size();
    }
    {
      const StageTimer timer(engine_.metrics, Stage::detect);
      answers_[i].faces_left_out = task_.finder->find(work, task_.model->wanted(), most_faces());
    }
    if (frame.failed()) throw Error(frame.error);
    if (!parameters().annotate) frame.image.release();
  }

  // A worker that waits holds the picture to draw into, so there are never more of these than
  // workers.
  void classify_here(std::size_t i, ClassifyJob job) {
    std::promise<ClassifyJob::Rows> promise;
    auto rows = promise.get_future();
    job.done = [&promise](ClassifyJob::Rows given, std::exception_ptr failure) {
      if (failure) {
        promise.set_exception(failure);
      } else {
        promise.set_value(std::move(given));
      }
    };
    engine_.batcher.add(std::move(job));
    guarded(i, [&] { settle(i, rows.get()); });
    finish(i);
  }

  void classified(std::size_t i, ClassifyJob::Rows rows, const std::exception_ptr& failure) {
    const bool settled = guarded(i, [&] {
      if (failure) std::rethrow_exception(failure);
      settle(i, std::move(rows));
    });
    if (!settled || !parameters().explain) return finish(i);
    engine_.workers.post([self = shared_from_this(), i] { self->finish(i); }, Workers::Turn::soon);
  }

  void settle(std::size_t i, ClassifyJob::Rows rows) {
    std::vector<output::FacePrediction>& faces = work_[i].prediction.faces;
    for (std::size_t k = 0; k < faces.size(); ++k) faces[k].probabilities = std::move(rows.at(k));
    predict::LabelStabilizer({.smoothing = {}, .least_probability = parameters().min_confidence})
        .update(work_[i].prediction);
    for (const output::FacePrediction& face : faces) {
      engine_.metrics.face(face.uncertain ? output::kUncertain
                                          : task_.model->labels().name(face.label()));
    }
  }

  void draw(std::size_t i) {
    FrameWork& work = work_[i];
    const bool explains = parameters().explain && !work.crops.empty();
    if (work.prediction.frame.failed() || !(explains || parameters().annotate)) return;
    const StageTimer timer(engine_.metrics, Stage::finish);
    if (explains) explain(i);
    if (parameters().annotate) {
      cv::Mat& picture = work.prediction.frame.image;
      answers_[i].annotated = image::jpeg_bytes(
          output::annotate(picture, work.prediction.faces, task_.model->labels()));
    }
  }

  void explain(std::size_t i) {
    std::vector<std::int64_t> shown;
    for (const output::FacePrediction& face : work_[i].prediction.faces) {
      shown.push_back(static_cast<std::int64_t>(face.label()));
    }
    const auto maps = task_.model->explain(work_[i].crops, shown);
    for (std::size_t k = 0; k < maps.size(); ++k) {
      answers_[i].explanations.push_back(output::explanation_png(work_[i].crops[k], maps[k]));
    }
  }

  void finish(std::size_t i) {
    guarded(i, [&] { draw(i); });
    work_[i].prediction.frame.image.release();
    answers_[i].prediction = std::move(work_[i].prediction);
    work_[i] = {};
    if (--left_ == 0) done_(std::move(answers_));
  }

  UnderWay::Token token_;
  Engine& engine_;
  PicturesTask task_;
  std::function<bool()> over_;
  std::function<void(std::vector<PictureAnswer>)> done_;
  std::vector<PictureAnswer> answers_;
  std::vector<FrameWork> work_;
  std::atomic<std::size_t> left_;
};

}  // namespace

cv::Mat decode_bounded(Picture& picture, const Limits& limits) {
  const std::string bytes = std::exchange(picture.bytes, {});
  if (const auto header = image::read_picture_header(bytes)) {
    if (header->width > 0 && header->height > 0 && header->width > limits.pixels / header->height) {
      throw Error(picture.name + ": has " + std::to_string(header->width) + "x" +
                  std::to_string(header->height) + " pixels; at most " + grouped(limits.pixels) +
                  " are allowed");
    }
    check_readable(header->format, picture.name);
  }
  cv::Mat image = image::decode_image(bytes, picture.name);
  if (static_cast<std::int64_t>(image.total()) > limits.pixels) {  // more than in its header
    throw Error(picture.name + ": has more than " + grouped(limits.pixels) + " pixels");
  }
  return image;
}

PicturesTask pictures_task(Engine& engine, PictureInput input, const std::string& where) {
  PicturesTask task{std::move(input.pictures), std::move(input.parameters), nullptr, nullptr};
  task.model = engine.models.find(task.parameters.model, where + " model");
  const std::size_t most = task.model->most_faces(engine.config.limits);
  if (task.pictures.size() > most) {
    throw Problem(413, "the request has " + std::to_string(task.pictures.size()) +
                           " pictures, whose faces take too much memory as this model wants them")
        .allowed("1 to " + std::to_string(most));
  }
  task.finder = &engine.detectors.find(task.parameters.detector, where + " detector");
  return task;
}

void predict_pictures(Engine& engine, PicturesTask task, std::function<bool()> over,
                      std::function<void(std::vector<PictureAnswer>)> done) {
  std::make_shared<PicturesJob>(engine, std::move(task), std::move(over), std::move(done))->start();
}

}  // namespace fer::serve
