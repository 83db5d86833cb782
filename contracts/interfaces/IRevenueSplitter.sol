// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice One payee of a split.
/// @param share Parts per million of what remains after the ancestors' shares and the channel's commission.
struct Payee {
    address account;
    uint32 share;
}

/// @notice A work that is owed a share of another's revenue.
/// @param share Parts per million of the gross revenue.
struct Ancestor {
    uint256 workId;
    uint32 share;
}

/// @notice One parent of a derivative, as it is registered.
/// @param share Parts per million of the child's gross revenue that the parent is owed.
/// @param grantor Who agreed for the parent: its rights holder, or a module that sold the license.
struct ParentShare {
    uint256 parent;
    uint32 share;
    address grantor;
}

/// @notice One item of {IRevenueSplitter-claimAll}: the caller is `payees[index]`.
struct Claim {
    uint256 workId;
    Payee[] payees;
    uint256 index;
    address currency;
}

/// @title IRevenueSplitter
/// @notice Takes the revenue of works, keeps it apart by split and currency, and lets each payee, channel and ancestor take its own.
///
/// A work is the id of its deposit. Its rights holder sets its split: 1 to 32 payees whose shares add up to 1,000,000. Only a
/// hash is stored: `split`, the lower 234 bits of keccak256 over the payees' 64-byte ABI encodings one after the other. A work without a split has one payee, its rights holder: the split `[(rights holder, 1000000)]`.
///
/// Of an amount `a` that a work with ancestors' shares `T` (in total) receives through a channel with commission `c`:
///
///     ancestor  a · share / 10^6                       absolute: of the gross amount, whoever stands between
///     channel   a · c / 10^6                           out of the work's own part, so it dilutes no ancestor
///     payee     a · (10^6 - T - c) · share / 10^12
///
/// Books are kept in **grains**, millionths of a currency's smallest unit, and a payee's part in millionths of those, so every one of these
/// is a whole number. The only rounding is at the exit, and it is not lost: what a payee cannot be paid because it is less than a unit
/// stays his. However many the payments and whichever way they came, he is short by less than one unit in an account.
///
/// What the splitter guarantees, for currencies that behave as {setCurrency} demands:
/// - It holds at least what it owes. Nobody is paid more than his share of what came in.
/// - Money belongs to the split that was in force when it arrived. A changed split never touches it; a split changed back to an
///   earlier one goes on with that one's account.
/// - No payee, channel, seller or ancestor can block another: money is pulled, and what is pushed ({payDirect}, {collectSale}) turns
///   into credit where it is refused.
/// - An ancestor's share of a work cannot be lowered, by whatever works, splits or channels are put in between: see {registerDerivative}.
/// - Nobody can move, freeze or redirect another's money: there is no owner, no proxy and no way out but to payees.
///
/// What it does not:
/// - Warning: an ancestor's revenue counts as earned when it is swept, and goes to the split in force then. {sweep} is open to anybody.
/// - Warning: whoever holds the rights may change the split for what comes in from then on, at any time. A payee who must not
///   depend on that needs an agreement, or a contract as rights holder.
/// - Warning: when a work changes hands, its split ends only if the title contract says so by {resetSplit}.
/// - Warning: lists of payees and ancestors are in the events, not in storage. Whoever claims passes them again.
/// - Warning: with coins anybody may name any `payer` in {Paid}; it is proven only where tokens were pulled from him or a module says so.
/// - Warning: the views are right between transactions, not inside a callback in the middle of one.
interface IRevenueSplitter {
    /* EVENTS */

    /// @notice The split of a work for everything it receives from now on.
    event SplitSet(uint256 indexed workId, Payee[] payees);

    /// @notice The work has changed hands; its rights holder is the only payee until he sets a split.
    event SplitReset(uint256 indexed workId);

    /// @notice A work received an amount, which its account keeps until it is claimed.
    /// @param split The split in force, whose payees can claim.
    /// @param amount Units received, before commission and ancestors' shares.
    /// @param commission Parts per million of it that went to a channel, see {Credited}.
    event Paid(
        uint256 indexed workId,
        address payer,
        address currency,
        uint256 amount,
        bytes32 split,
        uint256 commission
    );

    /// @notice A work received an amount that was sent on to its payees at once.
    event PaidDirect(uint256 indexed workId, address indexed payer, address currency, uint256 amount, bytes32 split);

    /// @notice A payee's money left an account.
    /// @param due Units by which the payee's claim went down: as many as arrived, but for a currency that ran short ({claimTo}).
    event Claimed(
        uint256 indexed workId,
        address indexed payee,
        bytes32 indexed split,
        address currency,
        address to,
        uint256 due
    );

    /// @notice An account is owed money that belongs to no split: commission, proceeds, a refund, or a push that was refused.
    event Credited(address indexed account, address indexed currency, uint256 grains);

    /// @notice Credit was paid out.
    event Withdrawn(address indexed account, address indexed currency, address to, uint256 due);

    /// @notice A currency has less than it owes, and a payee took his part of what is there.
    event ShortPaid(address indexed to, address indexed currency, uint256 due, uint256 paid);

    /// @notice `grantor` agrees that `child` be registered as a derivative of `parent` for this share.
    event DerivativeGranted(uint256 indexed parent, uint256 indexed child, address indexed grantor, uint32 share);

    /// @notice The agreement was taken back before it was used.
    event DerivativeRevoked(uint256 indexed parent, uint256 indexed child, address indexed grantor);

    /// @notice A derivative's lineage, frozen from now on.
    /// @param lineage Every work that is owed a share, by rising id.
    event DerivativeRegistered(uint256 indexed child, ParentShare[] parents, Ancestor[] lineage);

    /// @notice What an ancestor is owed of a derivative's revenue went to the account of the ancestor's split.
    event Swept(uint256 indexed ancestor, uint256 child, address currency, uint256 grains);

    /// @notice A currency is taken from now on, or no longer. What is owed in it stays and can be claimed.
    event CurrencySet(address indexed currency, bool allowed);

    /// @notice The contracts that may pull payments from those who called them. For ever.
    event ModulesSet(address[] modules);

    /* SPLITS */

    /// @notice Sets the split of a work for what it receives from now on. Only its rights holder may.
    /// @dev Reverts with `RevenueSplitter_NotRightsHolder`, `RevenueSplitter_PayeeCountInvalid`, `RevenueSplitter_PayeeInvalid`,
    /// `RevenueSplitter_PayeesUnsorted` or `RevenueSplitter_SharesInvalid`.
    /// @param payees 1 to 32, by rising account, no account twice, none zero or this contract; shares above zero that add up to 1,000,000.
    function setSplit(uint256 workId, Payee[] calldata payees) external;

    /// @notice Ends the split of a work that has changed hands. Only the contract that knows the rights holders may call it, after each
    /// change; it does nothing where no split is set.
    /// @dev Reverts with `RevenueSplitter_NotRightsContract`.
    function resetSplit(uint256 workId) external;

    /* PAYMENTS */

    /// @notice Pays a work. The amount goes to the account of its split, whatever the number of payees and ancestors.
    /// @dev Pulls tokens from the caller, who has approved this contract. What counts is what arrived. Reverts with
    /// `RevenueSplitter_CurrencyNotAllowed`, `RevenueSplitter_ValueMismatch`, `RevenueSplitter_AmountInvalid`,
    /// `RevenueSplitter_RightsHolderMissing` or `RevenueSplitter_Shortfall`, or as the token does.
    /// @param currency Zero for the chain's coin, whose amount must be sent along; otherwise an allowed ERC-20 token.
    /// @param amount Units, 1 to 2^128 - 1.
    function pay(uint256 workId, address currency, uint256 amount) external payable;

    /// @notice Pays a work and sends each payee his part at once. Who refuses it, or needs more than 50,000 gas to take coins (200,000 for
    /// tokens), has credit instead. Fractions of a unit wait for the next payment and are never lost.
    /// @dev Reverts as {pay} does, and with `RevenueSplitter_SplitMismatch` or `RevenueSplitter_Overcharged`.
    /// @param payees Those of the split in force.
    function payDirect(uint256 workId, Payee[] calldata payees, address currency, uint256 amount) external payable;

    /// @notice Pays a work for `payer`, less a channel's commission. Anybody may call it with coins or with `payer` himself; only modules may
    /// pull a third's tokens.
    /// @dev Warning for modules: `payer` must be the module's own `msg.sender`, or somebody who signed for this payment. Reverts as {pay}
    /// does, and with `RevenueSplitter_NotModule`, `RevenueSplitter_Underpaid` if less arrived than `amount`,
    /// `RevenueSplitter_AccountInvalid` for a channel that cannot be paid, or `RevenueSplitter_CommissionTooHigh` if ancestors' shares and
    /// commission exceed the whole.
    /// @param payer Whom the tokens are pulled from; for coins, whom the event names.
    /// @param channel Who gets the commission, as credit. Zero if there is none.
    /// @param commission Parts per million of the amount.
    function collect(
        uint256 workId,
        address payer,
        address currency,
        uint256 amount,
        address channel,
        uint32 commission
    ) external payable;

    /// @notice Takes the price of a sale: `royalty` for the work, as {collect} without commission, and `proceeds` for the seller, to whom they
    /// are sent; if he refuses them or needs too much gas (see {payDirect}), he has credit.
    /// @dev Reverts as {collect} does. Either part may be zero, not both.
    function collectSale(
        uint256 workId,
        address payer,
        address currency,
        uint256 royalty,
        address seller,
        uint256 proceeds
    ) external payable;

    /// @notice Takes an amount that is owed to one account: a refund, a deposit given back. The account has credit.
    /// @dev Reverts as {collect} does.
    function credit(address account, address payer, address currency, uint256 amount) external payable;

    /* CLAIMS */

    /// @notice Sends a payee what he can claim from one account. Anybody may call it.
    /// @dev Reverts with `RevenueSplitter_NothingDue` (also for payees that never were a split), `RevenueSplitter_IndexInvalid`,
    /// `RevenueSplitter_TransferFailed`, `RevenueSplitter_Shortfall` or `RevenueSplitter_Overcharged`.
    /// @param payees Those of the split under which the money came in, not necessarily the one in force.
    /// @param index Place of the payee in the list, from 0.
    /// @return due Units sent.
    function claim(
        uint256 workId,
        Payee[] calldata payees,
        uint256 index,
        address currency
    ) external returns (uint256 due);

    /// @notice Sends what the caller can claim from one account to an address of his choice, which a token that has blocked him may not have.
    /// @dev Reverts as {claim} does, and with `RevenueSplitter_NotPayee`. Other than {claim} it works while a token is short, see
    /// {setCurrency}: it then pays `due · balance / owed` and settles `due`. That leaves the others the same proportion.
    /// @return due Units by which the payee's claim went down.
    function claimTo(
        uint256 workId,
        Payee[] calldata payees,
        uint256 index,
        address currency,
        address to
    ) external returns (uint256 due);

    /// @notice As {claimTo} for several works and currencies, all or none. Neighbours with the same currency are sent together; items with
    /// nothing due are passed over.
    /// @dev Reverts as {claimTo} does for any item, and with `RevenueSplitter_NothingDue` if there is nothing at all.
    function claimAll(Claim[] calldata claims, address to) external;

    /// @notice Sends an account its credit. Anybody may call it.
    /// @dev Reverts as {claim} does.
    function withdraw(address account, address currency) external returns (uint256 due);

    /// @notice Sends the caller's credit to an address of his choice. As {claimTo} it works while a token is short.
    /// @dev Reverts as {claim} does.
    function withdrawTo(address currency, address to) external returns (uint256 due);

    /* DERIVATIVES */

    /// @notice Agrees that `child` be registered as a derivative of `parent` for `share`. The caller is the parent's rights holder or a
    /// module. A rights holder's agreement dies when he sells the parent; a module's stays, as licenses do.
    /// @dev A second call replaces the first. Reverts with `RevenueSplitter_NotRightsHolder` or `RevenueSplitter_ShareInvalid`.
    /// @param share Parts per million of the child's gross revenue, 0 to 1,000,000.
    function grantDerivative(uint256 parent, uint256 child, uint32 share) external;

    /// @notice Takes the caller's agreement back. What is registered stays.
    /// @dev Reverts with `RevenueSplitter_GrantMissing`.
    function revokeDerivative(uint256 parent, uint256 child) external;

    /// @notice Registers a work as a derivative of others, once and for ever. The caller is the child's rights holder, or a module that
    /// speaks for him.
    ///
    /// The child's lineage is: each parent with its share, and every ancestor of each parent with the share that it has *of the parent*.
    /// Where several lines lead to one ancestor it is owed the highest, once. So whatever is put between a work and its ancestor, the
    /// ancestor's share only ever stays or grows.
    ///
    /// What keeps it so: a lineage is frozen when it is registered, and a work that has derivatives cannot become one any more (its
    /// derivatives would not know of the new ancestors). What a parent gets by {sweep} is not shared with its own ancestors again; they
    /// have had their part of the same amount directly.
    /// @dev Each parent needs a grantor who is its rights holder now, or a module. A grantor who is the caller agrees by calling; any other
    /// must have called {grantDerivative} with the same share. Reverts with `RevenueSplitter_NotRightsHolder`,
    /// `RevenueSplitter_ParentsInvalid`, `RevenueSplitter_ShareInvalid`, `RevenueSplitter_GrantMissing`,
    /// `RevenueSplitter_GrantorInvalid`, `RevenueSplitter_LineageMismatch`, `RevenueSplitter_LineageTooLong`,
    /// `RevenueSplitter_LineageSharesTooHigh`, `RevenueSplitter_DerivativeExists` or `RevenueSplitter_DerivativesExist`.
    ///
    /// Warning for modules: who asks must be the child's rights holder, and the share that of the license under which the child was made.
    /// @param parents 1 to 32 by rising id, none twice, none the child itself.
    /// @param lineages For each parent the lineage with which it was registered; empty for a parent that is no derivative.
    function registerDerivative(uint256 child, ParentShare[] calldata parents, Ancestor[][] calldata lineages) external;

    /// @notice Moves what an ancestor is owed of a derivative's revenue into the account of the ancestor's split. Anybody may call it.
    /// @dev Reverts with `RevenueSplitter_NotAncestor`, `RevenueSplitter_NothingDue` or `RevenueSplitter_RightsHolderMissing`.
    /// @return grains Millionths of a unit moved.
    function sweep(uint256 child, uint256 ancestor, address currency) external returns (uint256 grains);

    /* GOVERNANCE */

    /// @notice Takes a token as currency from now on, or no longer. The chain's coin is always taken.
    ///
    /// A token must move exactly what it is told to, tell balances truly and never change them by itself. For others:
    /// - A fee on a transfer in: the work gets what arrived; {collect}, {collectSale} and {credit} refuse it.
    /// - A fee on a transfer out that the recipient bears: he bears it. One that this contract would bear: the payment is refused.
    /// - Balances that grow by themselves: the growth belongs to nobody and stays.
    /// - Balances that shrink: as soon as the contract has less of a token than it owes, it takes no more of it, {claim} and {withdraw}
    ///   refuse, and {claimTo}, {claimAll} and {withdrawTo} pay everybody the same proportion. Whoever sends the missing units heals it.
    /// - A token that says it has paid and has not: its payees lose, no other token's.
    /// @dev Restricted by the authority. Reverts with `RevenueSplitter_CurrencyInvalid` for an address without code.
    function setCurrency(address currency, bool allowed) external;

    /// @notice Names the modules, once.
    /// @dev Restricted by the authority. Reverts with `RevenueSplitter_ModulesSet` or `RevenueSplitter_ModuleInvalid`.
    function setModules(address[] calldata modules) external;

    /* VIEWS */

    /// @notice The contract that tells whose a work is.
    function RIGHTS() external view returns (address);

    /// @return split The split in force; that of the rights holder alone if none is set.
    /// @return isSet Whether one is set.
    function splitOf(uint256 workId) external view returns (bytes32 split, bool isSet);

    /// @notice Units that {claim} would send. Zero for payees that never were a split.
    function claimable(
        uint256 workId,
        Payee[] calldata payees,
        uint256 index,
        address currency
    ) external view returns (uint256);

    /// @notice Grains that an account has as credit; {withdraw} pays whole units.
    function creditOf(address account, address currency) external view returns (uint256 grains);

    /// @return lineage keccak256 of the ABI encoding of the lineage, zero if it is empty.
    /// @return total Parts per million that the ancestors are owed together.
    /// @return isDerivative Whether the work was registered as a derivative.
    /// @return hasDerivatives Whether derivatives of the work were registered.
    function lineageOf(
        uint256 workId
    ) external view returns (bytes32 lineage, uint256 total, bool isDerivative, bool hasDerivatives);

    /// @return share Parts per million of the child's revenue that the ancestor is owed; zero if it is none.
    /// @return grains What {sweep} would move.
    function royaltyOf(
        uint256 child,
        uint256 ancestor,
        address currency
    ) external view returns (uint256 share, uint256 grains);

    /// @return allowed Whether the currency is taken.
    /// @return held Units of a token that the contract must hold; zero for the chain's coin, which cannot shrink.
    function currencyOf(address currency) external view returns (bool allowed, uint256 held);

    /// @notice Whether an address is a module.
    function isModule(address account) external view returns (bool);
}
