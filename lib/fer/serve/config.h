// What a service is made of, and the bounds it keeps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fer/detect/open_detector.h"
#include "fer/infer/precision.h"
#include "fer/predict/face_crop.h"

namespace fer::serve {

// Every one of them is met before memory is asked for. Seconds are those of one phase of a
// connection.
struct Limits {
  std::size_t body = 10'000'000;           // bytes of a request's body, or of a frame of a stream
  std::size_t header = 16 * 1024;          // bytes of a request's line and headers
  std::size_t waiting_bodies = 256 << 20;  // bytes of all bodies that are held at a time
  std::size_t connections = 1000;          // that are open at a time
  std::size_t queue = 128;                 // requests that are worked on or wait for it
  std::size_t pictures = 64;               // of one request
  std::size_t crops = 4096;                // of one request
  std::size_t face_bytes = 64 << 20;       // of all faces of one request, as the model takes them
  std::int64_t pixels = 25'000'000;        // of a picture
  std::size_t faces = 100;                 // of a picture
  std::size_t streams = 8;                 // that are open at a time
  double header_s = 10.0;    // from the first byte of a request to the end of its headers
  double body_s = 30.0;      // from there to the end of its body
  double idle_s = 60.0;      // between two requests, or two frames of a stream
  double write_s = 30.0;     // until an answer is taken
  double request_s = 30.0;   // from the end of the body to the answer
  double stream_s = 3600.0;  // from the beginning of a stream to its end
  double drain_s = 30.0;     // for what is under way when the service is told to stop
};

struct Config {
  std::string address = "127.0.0.1";
  int port = 8420;                   // 0: one that is free
  std::string token;                 // that requests must carry; empty: none
  std::vector<std::string> origins;  // of other pages whose scripts may ask; "*": any
  std::vector<std::string> models;   // each is served by its name; the first is the usual one
  infer::Precision precision = infer::Precision::float32;
  detect::DetectorOptions detector;  // the usual one
  bool small_faces = true;
  predict::Align align = predict::Align::automatic;
  int threads = 1;            // at least 1
  double batch_wait_s = 0.0;  // how long faces wait for others to be classified with
  Limits limits;
};

}  // namespace fer::serve
