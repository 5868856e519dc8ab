(define (problem two-cities) (:domain logistics)
  (:objects paris rome - city cdg fco - airport louvre forum - depot
            t1 t2 - truck a1 - plane p1 p2 - parcel)
  (:init (in-city cdg paris) (in-city louvre paris) (in-city fco rome) (in-city forum rome)
         (at t1 cdg) (at t2 forum) (at a1 fco) (at p1 louvre) (at p2 forum))
  (:goal (and (at p1 forum) (at p2 louvre))))
