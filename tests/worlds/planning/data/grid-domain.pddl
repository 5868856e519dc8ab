; Actions that no positive precondition narrows, and arguments that must differ.
(define (domain grid)
  (:requirements :strips :typing :negative-preconditions :equality)
  (:types cell robot box - object)
  (:predicates (next ?a ?b - cell) (in ?r - robot ?c - cell) (lies ?b - box ?c - cell) (marked ?c - cell))
  (:action mark
    :parameters (?c - cell)
    :precondition (not (marked ?c))
    :effect (marked ?c))
  (:action swap-marks
    :parameters (?a ?b - cell)
    :precondition (and (marked ?a) (not (marked ?b)) (not (= ?a ?b)))
    :effect (and (marked ?b) (not (marked ?a))))
  (:action go
    :parameters (?r - robot ?from ?to - cell)
    :precondition (and (in ?r ?from) (next ?from ?to) (not (= ?from ?to)))
    :effect (and (in ?r ?to) (not (in ?r ?from))))
  (:action push
    :parameters (?r - robot ?b - box ?from ?at ?to - cell)
    :precondition (and (in ?r ?from) (lies ?b ?at) (next ?from ?at) (next ?at ?to) (not (= ?from ?to)) (marked ?to))
    :effect (and (in ?r ?at) (lies ?b ?to) (not (in ?r ?from)) (not (lies ?b ?at)))))
