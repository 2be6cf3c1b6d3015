#include <malloc.h>

#include "fer/commands/engine.h"
#include "fer/core/version.h"
#include "fer/runtime/cpu.h"

#if FER_WITH_VISION
#include "fer/image/opencv_library.h"
#endif

namespace fer::commands {

namespace {

std::string vision_text() {
#if FER_WITH_VISION
  return "OpenCV " + image::opencv_version();
#else
  return "no OpenCV";
#endif
}

void set_up_prediction(const CommonOptions& options) {
  constexpr int kNeverMap = 1 << 30;  // the largest threshold glibc takes
  mallopt(M_MMAP_THRESHOLD, kNeverMap);
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_TOP_PAD, 64 << 20);
  // All threads use one arena, so that memory that is free after loading a network serves their
  // maps, which saves 20 MB with CenterFace. They allocate only a few pictures per frame, so they
  // hardly wait for the arena.
  mallopt(M_ARENA_MAX, 1);
#if FER_WITH_VISION
  image::set_opencv_threads(options.thread_count());
#else
  static_cast<void>(options);
#endif
}

}  // namespace

Engine prediction_engine() {
  return {vision_text() + ", " + FER_BUILD_TYPE + ", CPU " +
              std::string(runtime::name_of(runtime::runnable_instructions().back())),
          set_up_prediction};
}

std::string version_text(const std::string& program, const Engine& engine) {
  return program + " " + version() + " (" + engine.description + ")";
}

}  // namespace fer::commands
